// A queue of articles by keyboard: a key presses what has it among its `data-keys`. All of it can be pressed without.
const keysOn = document.getElementById("keys-on");
const form = document.getElementById("article_form");
let leaving = false;
let touched = false;

for (const told of document.querySelectorAll("#keys [data-with]")) told.hidden = false;
for (const told of document.querySelectorAll("#keys [data-without]")) told.hidden = true;
keysOn.checked = localStorage.getItem("desk-keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("desk-keys", keysOn.checked ? "on" : "off"));

function press(key) {
  const found = document.querySelector(`.queue [data-keys~="${CSS.escape(key)}"]`);
  if (found) found.click();
  return Boolean(found);
}

document.addEventListener("keydown", (event) => {
  if (leaving || event.repeat || event.altKey || event.isComposing) return;
  const command = event.ctrlKey || event.metaKey;
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const pressed = command ? event.key === "Enter" && press("s") : keysOn.checked && !typing && press(event.key);
  if (pressed) event.preventDefault();
});

// What was typed and not saved is not lost by a key.
form.addEventListener("input", () => { touched = true; });
form.addEventListener("submit", () => { leaving = true; });
window.addEventListener("beforeunload", (event) => { if (touched && !leaving) event.preventDefault(); });
window.addEventListener("pageshow", () => { leaving = false; });
