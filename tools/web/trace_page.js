/* trace_page.js - the picture of a trace file that is dropped on the page. */
const picture = new Picture(document.getElementById("picture"));
const chosen = document.querySelector("main input[type=file]");
const told = document.getElementById("told");

async function open_trace(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const trace = new Trace();
  try {
    if (bytes.length < EVENT_BYTES) throw new Error("The file has no event.");
    trace.add(bytes);
  } catch (error) {
    told.textContent = `${file.name}: no trace. ${error.message}`;
    return;
  }
  told.textContent = `${file.name}: ${some(trace.events.length, "event")}`;
  const root = trace.events[0].task;
  picture.show(trace, task => task.descends_from(root));
}

chosen.onchange = () => chosen.files[0] && open_trace(chosen.files[0]);
document.addEventListener("dragover", event => event.preventDefault());
document.addEventListener("drop", event => {
  event.preventDefault();
  if (event.dataTransfer.files[0]) open_trace(event.dataTransfer.files[0]);
});
