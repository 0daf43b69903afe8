// A button to copy each citation, with its italics where the clipboard takes them. Without scripts the text can be marked.
const told = document.createElement("p");
told.className = "hidden";
told.setAttribute("role", "status");
document.querySelector("main").append(told);

async function copy(place) {
  const text = place.textContent.trim();
  const plain = () => navigator.clipboard.writeText(text);
  if (place.localName === "pre" || !window.ClipboardItem) return plain();
  const forms = { "text/plain": text, "text/html": place.innerHTML };
  const blobs = Object.entries(forms).map(([type, value]) => [type, new Blob([value], { type })]);
  return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]).catch(plain);
}

for (const place of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const part = place.closest("[data-copied]");
  const heading = part.querySelector("h2");
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "copy", textContent: place.dataset.copy, id: `copy-${heading.id}` });
  button.setAttribute("aria-labelledby", `${button.id} ${heading.id}`);
  button.addEventListener("click", async () => {
    await copy(place);
    button.textContent = part.dataset.copied;
    told.textContent = `${part.dataset.copied}: ${heading.firstChild.textContent.trim()}`;
    setTimeout(() => {
      button.textContent = place.dataset.copy;
      told.textContent = "";
    }, 3000);
  });
  heading.after(button);
}
