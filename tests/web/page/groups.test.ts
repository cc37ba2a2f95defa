import { expect, it } from 'vitest';
import { GROUPED, groupOf } from '../../../web/page/groups.ts';
import { MODELS } from '../../../web/taggram.ts';

const LIST = / \((MTT|MSD)\)$/;
const ALL = [...new Set(MODELS.flatMap(({ tags }) => tags.map((tag) => tag.replace(LIST, ''))))];

it('groups every tag of every model, and no other', () => {
  expect([...GROUPED].sort()).toEqual(ALL.sort());
  expect(new Set(GROUPED).size, 'none twice').toBe(GROUPED.length);
});

it.each([
  ['techno', 'genre'],
  ['harpsichord', 'instrument'],
  ['no vocals', 'voice'],
  ['quiet', 'mood'],
  ['80s', 'era'],
  ['guitar (MTT)', 'instrument'],
  ['solo', 'other'],
  ['something new', 'other'],
])('%s is %s', (tag, group) => expect(groupOf(tag)).toBe(group));
