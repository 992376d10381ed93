FROM python:3.11-slim-bookworm AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --requirement /tmp/base.txt

FROM python:3.11-slim-bookworm
ENV PATH="/venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENV VAR=/app/var LISTEN=0.0.0.0 PORT=8000
RUN useradd --system --uid 1000 --home-dir /app chair
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# This key is used for nothing but this command; the real one comes from the environment.
RUN SECRET_KEY=only-for-collectstatic BASE_URL=https://chair.example.org \
    python manage.py collectstatic --no-input && mkdir -m 700 var/exports var/pictures && chown -R chair: var
USER chair
EXPOSE 8000
CMD ["honcho", "start", "web"]
