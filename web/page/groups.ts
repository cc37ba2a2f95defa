/** What kind of word each tag is: every tag of the MagnaTagATune and Million Song Dataset lists. */
import { say } from './language.ts';

export const GROUPS = ['genre', 'instrument', 'voice', 'mood', 'era', 'other'] as const;
export type Group = (typeof GROUPS)[number];

const WORDS: Record<Group, string> = {
  genre: say`genre`,
  instrument: say`instrument`,
  voice: say`voice`,
  mood: say`mood`,
  era: say`era`,
  other: say`other`,
};

const MEMBERS: Record<Exclude<Group, 'other'>, string> = {
  genre: `classical, classic, opera, techno, electronic, electronica, electro, House, dance, ambient, new age,
    rock, alternative, alternative rock, classic rock, hard rock, indie, indie rock, indie pop, Progressive rock, punk,
    metal, heavy metal, pop, country, folk, jazz, blues, soul, funk, rnb, Hip-Hop, indian, experimental,
    easy listening`,
  instrument: `guitar, strings, violin, cello, harp, sitar, drums, piano, harpsichord, synth, flute, acoustic`,
  voice: `vocal, vocals, voice, singing, choir, choral, male, man, male vocal, male voice, male vocalists,
    female, woman, female vocal, female voice, female vocalist, female vocalists, no vocal, no vocals, no voice,
    instrumental`,
  mood: `slow, fast, loud, quiet, soft, weird, beautiful, chill, chillout, Mellow, party, sexy, catchy, sad, happy`,
  era: `60s, 70s, 80s, 90s, 00s, oldies`,
};

/** Of neither kind: rhythm and number of players. */
const OTHER = 'beat, beats, solo';

const names = (list: string) => list.split(',').map((name) => name.trim());

const GROUP_OF = new Map<string, Group>([
  ...Object.entries(MEMBERS).flatMap(([group, list]) =>
    names(list).map((name): [string, Group] => [name, group as Group]),
  ),
  ...names(OTHER).map((name): [string, Group] => [name, 'other']),
]);

/** Every tag that has a group of its own, for those who check the table. */
export const GROUPED: readonly string[] = [...GROUP_OF.keys()];

/** Tags of models that came later are other. A tag of several lists tells its own: "guitar (MTT)". */
export function groupOf(tag: string): Group {
  return GROUP_OF.get(tag) ?? GROUP_OF.get(tag.replace(/ \([^()]*\)$/, '')) ?? 'other';
}

/** Of a group, or of a list of tags, as a person reads it. */
export function wordFor(group: string): string {
  return WORDS[group as Group] ?? group;
}
