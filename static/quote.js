// Words chosen in the text of an article become a link that carries them. Without scripts there is a form for it.
const words = document.currentScript.dataset;
const text = document.querySelector(".story .text");
const offer = document.createElement("button");
offer.type = "button";
offer.className = "offer";
offer.textContent = words.link;
offer.hidden = true;
offer.setAttribute("aria-live", "polite");
document.body.append(offer);

// What is chosen in one paragraph, as its number and its words.
function chosen() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = range.startContainer.parentElement?.closest("p[id]");
  if (!start || !text.contains(start)) return null;
  const part = range.cloneRange();
  if (!start.contains(range.endContainer)) part.setEnd(start, start.childNodes.length);
  const said = part.toString().replace(/\s+/g, " ").trim();
  return said && said.length <= 600 ? { paragraph: start.id, said } : null;
}

document.addEventListener("selectionchange", () => {
  offer.hidden = !chosen();
  offer.textContent = words.link;
});

// The selection must still stand when the button is pressed.
offer.addEventListener("pointerdown", (event) => event.preventDefault());
offer.addEventListener("click", async () => {
  const quote = chosen();
  if (!quote) return;
  const link = new URL(location.pathname, location.href);
  link.searchParams.set("quote", quote.said);
  link.hash = quote.paragraph;
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(link.href);
    offer.textContent = words.copied;
  } catch {
    offer.textContent = words.shown;
  }
});
