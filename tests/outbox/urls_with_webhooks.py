"""The addresses of a community whose mail service tells what came back."""

from config.urls import urlpatterns, webhooks_of

urlpatterns = [*urlpatterns, *webhooks_of("postmark")]
