// Files can also be dropped, are listed before they are sent with the folders that they are in, and are weighed first.
// Without this the form works alone.
const form = document.querySelector("form.upload");
const inputs = [...form.querySelectorAll("input[type=file]")];
const [input] = inputs;
const sent = form.querySelector("input[name=paths]");
const chosen = document.getElementById("chosen");
const problem = document.getElementById("problem");
const buttons = [...form.querySelectorAll("input[type=submit]")];
const words = new Map(buttons.map((button) => [button, button.value]));
const LISTED = 20;
// The paths of the files of each input, in their order: a file that was dropped in a folder does not know its own.
const paths = new Map();
// Of what was dropped: how many hidden files and folders are left out, and how many the browser was not let into.
let leftOut = 0;
let locked = 0;

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

function pathsOf(each) {
  const known = paths.get(each) ?? [];
  // A browser may have put files back that were chosen before.
  return known.length === each.files.length ? known : [...each.files].map((file) => file.webkitRelativePath || file.name);
}

function allPaths() {
  return inputs.flatMap(pathsOf);
}

function weigh() {
  const all = files();
  const total = all.reduce((sum, file) => sum + file.size, 0);
  sent.value = JSON.stringify(allPaths());
  const found = [
    [all.length > Number(form.dataset.mostFiles), form.dataset.tooMany],
    [total > Number(form.dataset.mostBytes), form.dataset.tooLarge],
    [sent.value.length > Number(form.dataset.longestPaths), form.dataset.pathsTooLong],
  ];
  problem.textContent = found.find(([is]) => is)?.[1] ?? "";
  problem.hidden = !problem.textContent;
  return total;
}

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

// Each part of a path keeps its own direction.
function parts(path) {
  return path.split("/").flatMap((part, place) => [place ? "/" : "", element("bdi", part)]);
}

function list() {
  const total = weigh();
  const all = files();
  const known = allPaths();
  const lines = all.slice(0, LISTED).map((file, place) => [...parts(known[place]), `, ${size(file.size)}`]);
  if (all.length > LISTED) lines.push([`and ${all.length - LISTED} more`]);
  if (all.length > 1) lines.push([`${all.length} files, ${size(total)}`]);
  if (leftOut) lines.push([`hidden, and left out: ${leftOut}`]);
  if (locked) lines.push([`cannot be opened, and left out: ${locked}`]);
  chosen.replaceChildren(...lines.map((line) => element("li", ...line)));
}

function carriesFiles(event) {
  return event.dataTransfer !== null && event.dataTransfer.types.includes("Files");
}

function add(more) {
  const known = [...pathsOf(input), ...more.map(([, path]) => path)];
  const all = new DataTransfer();
  for (const file of [...input.files, ...more.map(([file]) => file)]) all.items.add(file);
  input.files = all.files;
  paths.set(input, known);
  list();
}

// The files in what was dropped, each with its path: itself, or what is in the folder, hidden ones left out. A folder
// tells some at a time.
async function within(entry) {
  const found = [];
  try {
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      return [[file, entry.fullPath.replace(/^\//, "")]];
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!some.length) return found;
      for (const each of some) {
        if (each.name.startsWith(".")) leftOut += 1;
        else found.push(...(await within(each)));
      }
    }
  } catch {
    locked += 1;
    return found;
  }
}

for (const each of inputs) {
  each.addEventListener("change", () => {
    paths.delete(each);
    if (each === input) leftOut = locked = 0;
    list();
  });
}
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
  Promise.all(dropped.map(([entry, file]) => (entry ? within(entry) : [[file, file.name]]))).then((found) =>
    add(found.flat()),
  );
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
