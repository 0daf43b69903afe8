// While an import runs: ask how far it is, and show the whole receipt when it has ended.
const box = document.getElementById("progress");
const bar = document.getElementById("bar");
const said = document.getElementById("said");
const PAUSE = 2000;

function show(progress) {
  const percent = progress.bytes_total ? Math.floor((100 * progress.bytes_done) / progress.bytes_total) : 0;
  const outcomes = Object.values(progress.counts).reduce((sum, count) => sum + count, 0);
  bar.value = progress.bytes_done;
  const words = progress.state === "queued" ? "waiting for its turn" : `${percent}% read, ${outcomes.toLocaleString()} outcomes`;
  if (said.textContent !== words) said.textContent = words;
}

async function look() {
  try {
    const answer = await fetch(box.dataset.address);
    if (answer.ok) {
      const progress = await answer.json();
      if (progress.finished || progress.state !== box.dataset.state) return location.reload();
      show(progress);
    }
  } catch {
    said.textContent = "The archive does not answer; trying again.";
  }
  return setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
