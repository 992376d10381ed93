// Says so in a sentence when a device gives no passkey; allauth's own scripts do the rest.
"use strict";

document.addEventListener("allauth.error", (event) => {
  const place = document.querySelector("[data-passkey-failed]");
  if (!place) return;
  event.preventDefault();
  place.textContent = place.dataset.passkeyFailed;
  place.hidden = false;
});
