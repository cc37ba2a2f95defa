/** What a file's header says of its audio. */
export interface AudioFacts {
  /** "MP3", "FLAC", "WAVE", ...; "unknown" where only the browser itself may know the file. */
  container: string;
  codec: string;
  /** Hz; null when the header can't be read. */
  sampleRate: number | null;
  channels: number | null;
  /** Seconds that the header promises; null where it says nothing certain. */
  declaredSeconds: number | null;
  /** The file breaks off: certain even where no length is promised. */
  cut: boolean;
}

export const UNKNOWN: AudioFacts = {
  container: 'unknown',
  codec: 'unknown',
  sampleRate: null,
  channels: null,
  declaredSeconds: null,
  cut: false,
};
