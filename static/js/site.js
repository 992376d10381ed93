// Small helps on every page. All of it works without this file too.
"use strict";

const live = (sentence) => {
  const region = document.querySelector("[data-live]");
  if (region) region.textContent = sentence;
};

// Quick exit: replaces this page, so that "back" does not return here. Escape three times does the same.
const leaveAtOnce = () => {
  document.documentElement.hidden = true;
  window.location.replace(document.querySelector("[data-quick-exit]").href);
};

let escapes = [];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const now = Date.now();
  escapes = [...escapes.filter((then) => now - then < 1500), now];
  if (escapes.length > 2) leaveAtOnce();
});

// The buttons around a number.
const step = (button) => {
  const input = button.parentElement.querySelector("input");
  if (button.dataset.step === "up") input.stepUp();
  else input.stepDown();
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

// "I am there now": fills in a point, rounded to about a hundred metres before anything is sent.
const fillPoint = (button) => {
  const input = document.getElementById(button.dataset.fillPoint);
  const say = document.getElementById(button.getAttribute("aria-describedby"));
  const failed = () => {
    say.textContent = button.dataset.failed;
  };
  if (!navigator.geolocation) {
    failed();
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      input.value = `${coords.latitude.toFixed(3)}, ${coords.longitude.toFixed(3)}`;
      say.textContent = button.dataset.done;
    },
    failed,
    { timeout: 15000 },
  );
};

// "Near me": asks on a press only, and sends a point rounded to about a kilometre.
const nearMe = document.querySelector("[data-near-me]");
if (nearMe && navigator.geolocation) {
  nearMe.hidden = false;
  nearMe.addEventListener("submit", (event) => {
    if (nearMe.elements.near.value) return;
    event.preventDefault();
    const say = nearMe.querySelector("[role=status]");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        nearMe.elements.near.value = `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
        nearMe.submit();
        nearMe.elements.near.value = "";
      },
      () => {
        say.textContent = say.dataset.failed;
      },
      { timeout: 15000 },
    );
  });
}

document.addEventListener("click", (event) => {
  const exit = event.target.closest("[data-quick-exit]");
  const stepper = event.target.closest("[data-step]");
  const point = event.target.closest("[data-fill-point]");
  if (exit) {
    event.preventDefault();
    leaveAtOnce();
  } else if (event.target.closest("[data-print]")) {
    window.print();
  } else if (stepper) {
    step(stepper);
  } else if (point) {
    fillPoint(point);
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The bar at the thumb shows only once the button it repeats has scrolled away above.
const watchThumbBar = () => {
  const bar = document.querySelector("[data-thumb-bar]");
  const original = bar && document.getElementById(bar.dataset.thumbBar);
  if (!original || !("IntersectionObserver" in window)) return;
  // What lies below counts as in sight, so that a jump past the button is noticed, too.
  new IntersectionObserver((entries) => {
    bar.hidden = entries.at(-1).isIntersecting;
  }, { rootMargin: "0px 0px 1000000px 0px" }).observe(original);
};
watchThumbBar();

// What went wrong in a list of errors gets the focus: the reader asked for the page by sending the form.
document.querySelector("[data-errors]")?.focus();

document.addEventListener("htmx:sendError", () => live(document.querySelector("[data-live]").dataset.whenOffline));
