// A form is sent once, a text is copied by one press, and a word about what was done stays until it is taken away.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[hx-post]")) return;
  if (form.ariaBusy === "true") return event.preventDefault();
  form.ariaBusy = "true";
  const button = event.submitter;
  if (button?.dataset.busy) setTimeout(() => (button.textContent = button.dataset.busy), 300);
});

// A page that comes back from the browser's memory may be sent again: its `once` leads to what was made.
addEventListener("pageshow", () => [...document.forms].forEach((form) => (form.ariaBusy = null)));

document.addEventListener("click", async ({ target }) => {
  const copied = target.closest("[data-copy]");
  if (copied) {
    await navigator.clipboard.writeText(copied.dataset.copy);
    say(copied.dataset.done);
  }
  target.closest("[data-dismiss]")?.closest(".toast").remove();
});

function say(words) {
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = words;
  document.querySelector(".toasts").append(toast);
  setTimeout(() => toast.remove(), 4000);
}
