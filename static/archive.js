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
