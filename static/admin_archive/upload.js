// Files can also be dropped, are listed before they are sent, and are weighed first. Without this the form works alone.
const form = document.querySelector("form.upload");
const input = form.querySelector("input[type=file]");
const chosen = document.getElementById("chosen");
const problem = document.getElementById("problem");
const button = form.querySelector("input[type=submit]");
const LISTED = 20;

document.getElementById("drop-help").hidden = false;
form.classList.add("droppable");

function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB"];
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  return `${(bytes / 1000 ** step).toLocaleString(undefined, { maximumFractionDigits: step ? 1 : 0 })} ${units[step]}`;
}

function weigh() {
  const total = [...input.files].reduce((sum, file) => sum + file.size, 0);
  const tooMany = input.files.length > Number(form.dataset.mostFiles);
  const tooLarge = total > Number(form.dataset.mostBytes);
  problem.textContent = tooMany ? form.dataset.tooMany : tooLarge ? form.dataset.tooLarge : "";
  problem.hidden = !problem.textContent;
  return total;
}

function list() {
  const total = weigh();
  const lines = [...input.files].slice(0, LISTED).map((file) => `${file.name}, ${size(file.size)}`);
  if (input.files.length > LISTED) lines.push(`and ${input.files.length - LISTED} more`);
  if (input.files.length > 1) lines.push(`${input.files.length} files, ${size(total)}`);
  chosen.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
}

function carriesFiles(event) {
  return event.dataTransfer !== null && event.dataTransfer.types.includes("Files");
}

function add(files) {
  const all = new DataTransfer();
  for (const file of [...input.files, ...files]) all.items.add(file);
  input.files = all.files;
  list();
}

input.addEventListener("change", list);
document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  form.classList.add("dragging");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form.classList.remove("dragging");
});
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  form.classList.remove("dragging");
  add(event.dataTransfer.files);
});
form.addEventListener("submit", (event) => {
  weigh();
  if (!problem.hidden) {
    event.preventDefault();
    problem.scrollIntoView();
    return;
  }
  button.disabled = true;
  button.value = "Uploading …";
});
// Coming back with the browser's own button.
window.addEventListener("pageshow", () => {
  button.disabled = false;
  button.value = "Upload";
  list();
});
