// Files can also be dropped, are listed before they are sent, and are weighed first. Without this the form works alone.
const form = document.querySelector("form.upload");
const inputs = [...form.querySelectorAll("input[type=file]")];
const [input] = inputs;
const chosen = document.getElementById("chosen");
const problem = document.getElementById("problem");
const buttons = [...form.querySelectorAll("input[type=submit]")];
const words = new Map(buttons.map((button) => [button, button.value]));
const LISTED = 20;

document.getElementById("drop-help").hidden = false;
form.classList.add("droppable");

function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB"];
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  return `${(bytes / 1000 ** step).toLocaleString(undefined, { maximumFractionDigits: step ? 1 : 0 })} ${units[step]}`;
}

function files() {
  return inputs.flatMap((each) => [...each.files]);
}

function weigh() {
  const all = files();
  const total = all.reduce((sum, file) => sum + file.size, 0);
  const tooMany = all.length > Number(form.dataset.mostFiles);
  const tooLarge = total > Number(form.dataset.mostBytes);
  problem.textContent = tooMany ? form.dataset.tooMany : tooLarge ? form.dataset.tooLarge : "";
  problem.hidden = !problem.textContent;
  return total;
}

function list() {
  const total = weigh();
  const all = files();
  const lines = all.slice(0, LISTED).map((file) => `${file.name}, ${size(file.size)}`);
  if (all.length > LISTED) lines.push(`and ${all.length - LISTED} more`);
  if (all.length > 1) lines.push(`${all.length} files, ${size(total)}`);
  chosen.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
}

function carriesFiles(event) {
  return event.dataTransfer !== null && event.dataTransfer.types.includes("Files");
}

function add(more) {
  const all = new DataTransfer();
  for (const file of [...input.files, ...more]) all.items.add(file);
  input.files = all.files;
  list();
}

// The files in what was dropped: itself, or what is in the folder, hidden ones left out. A folder tells some at a time.
async function within(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    for (const each of some) if (!each.name.startsWith(".")) found.push(...(await within(each)));
  }
}

for (const each of inputs) each.addEventListener("change", list);
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
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const dropped = items.map((item) => [item.webkitGetAsEntry(), item.getAsFile()]);
  Promise.all(dropped.map(([entry, file]) => (entry ? within(entry) : [file]))).then((found) => add(found.flat()));
});
form.addEventListener("submit", (event) => {
  weigh();
  if (!problem.hidden) {
    event.preventDefault();
    problem.scrollIntoView();
    return;
  }
  // Only once the form has been read: a disabled button is not sent.
  setTimeout(() => {
    for (const button of buttons) button.disabled = true;
    event.submitter.value = "Uploading …";
  });
});
// Coming back with the browser's own button.
window.addEventListener("pageshow", () => {
  for (const button of buttons) {
    button.disabled = false;
    button.value = words.get(button);
  }
  list();
});
