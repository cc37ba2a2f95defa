/** Names for what is saved, and saving it. */

export interface Origin {
  /** The song's file name. */
  file: string;
  model: string;
  version: string;
  /** Seconds. */
  hop: number;
}

/** "song.MTT_musicnn.taggram-0.1.0.hop-2.992s.json": formats with no place for such facts have them here. */
export function fileName({ file, model, version, hop }: Origin, ending: string): string {
  return `${file.replace(/\.[^.]+$/, '')}.${model}.taggram-${version}.hop-${hop}s.${ending}`;
}

export function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // the download has started by then
}
