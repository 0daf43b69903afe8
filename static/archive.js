// The slash key goes to the search box, as in many archives. Without scripts nothing else is missing.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const box = document.getElementById("q");
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing && box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// Where the words of a search are marked, n goes to the next place and p to the one before. The marks have links too.
const places = document.querySelectorAll("mark[id]");
for (const hint of places.length ? document.querySelectorAll(".places .keys") : []) hint.hidden = false;
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const step = { n: 1, p: -1 }[event.key];
  if (!step || !places.length || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = [...places].findIndex((place) => `#${place.id}` === location.hash);
  const next = here < 0 && step < 0 ? places.length - 1 : (here + step + places.length) % places.length;
  location.replace(`#${places[next].id}`);
});
