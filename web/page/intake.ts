/** Ways for a file to come in: dropped anywhere, or chosen. */
import { find } from './dom.ts';

export interface Intake {
  files: File[];
  /** Names of folders among what was dropped. */
  folders: string[];
}

export function listenForFiles(onIntake: (intake: Intake) => void): void {
  listenForDrops(onIntake);
  const input = find<HTMLInputElement>('#file');
  for (const button of document.querySelectorAll('[data-action="choose"]'))
    button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    input.value = ''; // so that the same file can be chosen again
    if (files.length > 0) onIntake({ files, folders: [] });
  });
}

/** While something is dragged over the page, browsers say so at least this often. */
const DRAG_SILENCE_MS = 500;

function listenForDrops(onIntake: (intake: Intake) => void): void {
  const zone = find('#dropzone');
  let goneTimer = 0;
  // Leaving is told for every element that is left, and not at all when the drag is given up elsewhere:
  // silence is the surer sign.
  const dragged = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    zone.hidden = false;
    clearTimeout(goneTimer);
    goneTimer = window.setTimeout(() => (zone.hidden = true), DRAG_SILENCE_MS);
  };
  document.addEventListener('dragenter', dragged);
  document.addEventListener('dragover', dragged);
  document.addEventListener('drop', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    clearTimeout(goneTimer);
    zone.hidden = true;
    onIntake(sortDropped(event.dataTransfer));
  });
}

function sortDropped(data: DataTransfer): Intake {
  const intake: Intake = { files: [], folders: [] };
  for (const item of data.items) {
    const entry = item.webkitGetAsEntry?.();
    const file = item.getAsFile();
    if (entry?.isDirectory) intake.folders.push(entry.name);
    else if (file) intake.files.push(file);
  }
  return intake;
}
