/** What people call codecs. */

/** By mediabunny's names and by those that containers have for what it doesn't know, in capitals. */
const NAMES: Record<string, string> = {
  AC3: 'AC-3',
  EAC3: 'E-AC-3',
  SAMR: 'AMR',
  SAWB: 'AMR',
  TTA1: 'TTA',
  WAVPACK4: 'WavPack',
  'MS/ACM': 'a Windows codec',
  SPEEX: 'Speex',
  UNKNOWN: 'a codec',
};

export function codecName(codec: string): string {
  const name = codec.replace(/^A_/, '').toUpperCase(); // Matroska's begin so
  return NAMES[name] ?? name;
}
