/** Ways for files to come in: dropped anywhere, whole folders too, or chosen. */
import { expectFile } from '../taggram.ts';
import { find } from './dom.ts';

export interface Intake {
  files: File[];
  /** Names of folders in which there is no audio. */
  silent: string[];
}

export function listenForFiles(onIntake: (intake: Intake) => void): void {
  listenForDrops(onIntake);
  const input = find<HTMLInputElement>('#file');
  for (const button of document.querySelectorAll('[data-action="choose"]'))
    button.addEventListener('click', () => {
      expectFile();
      input.click();
    });
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    input.value = ''; // so that the same file can be chosen again
    if (files.length > 0) onIntake({ files, silent: [] });
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
    if (zone.hidden) expectFile();
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
    void unpack(event.dataTransfer).then(onIntake);
  });
}

/** What must be asked of a drop before its event is over. */
interface Dropped {
  file: File | null;
  folder: FileSystemDirectoryEntry | undefined;
}

async function unpack(data: DataTransfer): Promise<Intake> {
  const dropped = Array.from(data.items, (item): Dropped => {
    const entry = item.webkitGetAsEntry?.();
    return {
      file: item.getAsFile(),
      folder: entry?.isDirectory ? (entry as FileSystemDirectoryEntry) : undefined,
    };
  });
  const intake: Intake = { files: [], silent: [] };
  for (const { file, folder } of dropped) {
    const files = folder ? (await filesOf(folder)).filter(isAudio) : file ? [file] : [];
    intake.files.push(...files);
    if (folder && files.length === 0) intake.silent.push(folder.name);
  }
  return intake;
}

/** All files of a folder and of those in it, by name; what can't be read is left out. */
async function filesOf(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (let some; (some = await entriesOf(reader)).length > 0;) entries.push(...some); // a hundred at a time
  entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const files: File[] = [];
  for (const entry of entries) {
    if (entry.isDirectory) files.push(...(await filesOf(entry as FileSystemDirectoryEntry)));
    else files.push(...(await fileOf(entry as FileSystemFileEntry)));
  }
  return files;
}

function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
}

function fileOf(entry: FileSystemFileEntry): Promise<File[]> {
  return new Promise((resolve) =>
    entry.file(
      (file) => resolve([file]),
      () => resolve([]),
    ),
  );
}

/** Folders hold pictures and lists as well. Browsers tell the type by the file's ending. */
const AUDIO = /^audio\/(?!x-mpegurl|mpegurl|x-scpls)|^video\/(mp4|webm|x-matroska)$|^application\/ogg$/;
/** Also of what can't be decoded: that is said, not passed over. */
const AUDIO_ENDING =
  /\.(mp[23]|flac|wav|m4[abp]|ogg|oga|opus|aac|mka|aiff?|wma|aax?|ape|tta|wv|mpc|ofr|dsf|dff|amr|caf|au|ra|ac3|dts|spx)$/i;

function isAudio({ type, name }: File): boolean {
  return AUDIO.test(type) || AUDIO_ENDING.test(name);
}
