/** The export menu: what is shown, in the formats of the program and as a picture. */
import { say } from './language.ts';
import type { TaggedFile } from '../taggram.ts';
import { find, styleOf } from './dom.ts';
import { toCsv } from './export/csv.ts';
import { fileName, save, type Origin } from './export/files.ts';
import { toJams } from './export/jams.ts';
import { toJson } from './export/json.ts';
import { toLabels } from './export/labels.ts';
import { collected } from './export/pieces.ts';
import { drawPicture, type Shown } from './export/picture.ts';
import { Menu, type MenuItem, type MenuSection } from './menu.ts';

/** A model's result, and each tag's mean over what is not silent. */
export interface Exportable {
  result: TaggedFile;
  means: ArrayLike<number> | null;
}

export interface Exports {
  results: Exportable[];
  /** Where the page itself has recorded the song. */
  recording: File | undefined;
  picture: { shown: Shown[]; plotWidth: number };
}

interface Format {
  label: string;
  detail: string;
  ending: string;
  type: string;
  write(from: Exportable): Iterable<string>;
}

const FORMATS: Format[] = [
  {
    label: 'JSON',
    detail: say`everything, as the program writes it`,
    ending: 'json',
    type: 'application/json',
    write: ({ result }) => toJson(result),
  },
  {
    label: 'CSV',
    detail: say`a table: a line a segment`,
    ending: 'csv',
    type: 'text/csv',
    write: ({ result }) => toCsv(result),
  },
  {
    label: 'JAMS',
    detail: say`annotations for music research`,
    ending: 'jams',
    type: 'application/json',
    write: ({ result, means }) => toJams(result, means),
  },
  {
    label: say`Audacity labels`,
    detail: say`the three strongest tags of each segment`,
    ending: 'txt',
    type: 'text/plain',
    write: ({ result }) => toLabels(result),
  },
];

/** Pictures are as wide as the page shows them, within reason. */
const PICTURE_WIDTH = { least: 420, most: 1400 };

export class Saving {
  private readonly button = find<HTMLButtonElement>('#export');
  private readonly menu: Menu;
  /** Files that are being made. */
  private underway = 0;

  constructor(private readonly exports: () => Exports) {
    this.menu = new Menu(this.button, say`Export`, () => this.sections());
  }

  setEnabled(enabled: boolean): void {
    this.menu.setEnabled(enabled);
  }

  private sections(): MenuSection[] {
    const { results, recording, picture } = this.exports();
    const several = results.length > 1;
    const sections = results.map((from) => ({
      heading: several ? from.result.model : '',
      items: FORMATS.map((format) => this.item(format, from, several)),
    }));
    const image = {
      label: 'PNG',
      detail: say`a picture of the whole song, with its legend`,
      onChoose: () => void this.busy(savePicture(results.map(originOf), picture)),
    };
    const sound = recording && {
      label: 'WAV',
      detail: say`the sound that was heard`,
      onChoose: () => save(recording, `${recording.name}.wav`),
    };
    return [...sections, { heading: several ? say`Both` : '', items: sound ? [image, sound] : [image] }];
  }

  /** `brief` leaves the formats unexplained: of two models the menu would be long. */
  private item(format: Format, from: Exportable, brief: boolean): MenuItem {
    return {
      label: format.label,
      ...(brief ? {} : { detail: format.detail }),
      onChoose: () => void this.busy(saveResult(format, from)),
    };
  }

  /** Says so for as long as the work takes. */
  private async busy(work: Promise<void>): Promise<void> {
    this.tell(this.underway + 1);
    try {
      await work;
    } finally {
      this.tell(this.underway - 1);
    }
  }

  private tell(underway: number): void {
    this.underway = underway;
    const words = underway > 0 ? say`Saving` : say`Export`;
    this.button.setAttribute('aria-busy', String(underway > 0));
    this.button.setAttribute('aria-label', words);
    find('span', this.button).textContent = words;
  }
}

function originOf({ result }: Exportable): Origin {
  return result;
}

async function saveResult({ ending, type, write }: Format, from: Exportable): Promise<void> {
  save(await collected(write(from), type), fileName(originOf(from), ending));
}

async function savePicture(origins: Origin[], { shown, plotWidth }: Exports['picture']): Promise<void> {
  const [first] = origins;
  const { least, most } = PICTURE_WIDTH;
  const canvas = drawPicture(first!.file, shown, Math.min(most, Math.max(least, plotWidth)), {
    font: styleOf('--font'),
    panel: styleOf('--panel'),
    ink: styleOf('--ink'),
    soft: styleOf('--soft'),
    line: styleOf('--line'),
    hatch: styleOf('--hatch'),
  });
  const model = origins.map((origin) => origin.model).join('-');
  save(await canvas.convertToBlob({ type: 'image/png' }), fileName({ ...first!, model }, 'png'));
}
