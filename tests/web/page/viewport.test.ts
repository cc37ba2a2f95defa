import { beforeEach, describe, expect, it } from 'vitest';
import { LEAST_SPAN, Viewport } from '../../../web/page/viewport.ts';

let viewport: Viewport;
const seen = () => [viewport.from, viewport.to];

beforeEach(() => {
  viewport = new Viewport();
  viewport.begin(100);
});

it('begins with all of a song', () => {
  expect(seen()).toEqual([0, 100]);
  expect(viewport.isWhole).toBe(true);
});

describe('a song that goes on', () => {
  beforeEach(() => viewport.begin(0));

  it('is seen whole at first, then its latest part', () => {
    viewport.extend(40, 60);
    expect(seen()).toEqual([0, 40]);
    viewport.extend(61, 60);
    viewport.extend(75, 60);
    expect(seen()).toEqual([15, 75]);
  });

  it('keeps what a person has turned to, until they come back to its end', () => {
    viewport.extend(100, 60);
    viewport.show({ from: 10, to: 30 });
    viewport.extend(110, 60);
    expect(seen()).toEqual([10, 30]);
    viewport.showEnd();
    expect(seen()).toEqual([90, 110]);
    viewport.extend(120, 60);
    expect(seen()).toEqual([100, 120]);
  });

  it('is seen whole where a person asks for all of it', () => {
    viewport.extend(100, 60);
    viewport.showAll();
    viewport.extend(110, 60);
    expect(seen()).toEqual([0, 110]);
  });
});

describe('zooming', () => {
  it('keeps the moment that is pointed at', () => {
    viewport.zoom(4, 0.2);
    expect(seen()).toEqual([15, 40]);
    expect(viewport.moment(0.2)).toBeCloseTo(20);
    viewport.zoom(1 / 4, 0.2);
    expect(viewport.isWhole).toBe(true);
  });

  it('ends close by, and at the whole', () => {
    viewport.zoom(1e6);
    expect(viewport.span).toBeCloseTo(LEAST_SPAN);
    expect(viewport.isClosest).toBe(true);
    viewport.zoom(1e-6);
    expect(seen()).toEqual([0, 100]);
  });

  it('shows a song that is shorter than that whole', () => {
    viewport.begin(1);
    viewport.zoom(2);
    expect(seen()).toEqual([0, 1]);
    expect(viewport.isClosest && viewport.isWhole).toBe(true);
  });
});

describe('moving', () => {
  it('stays within the song', () => {
    viewport.show({ from: 40, to: 50 });
    viewport.pan(0.5);
    expect(seen()).toEqual([45, 55]);
    viewport.pan(1e9);
    expect(seen()).toEqual([90, 100]);
    viewport.pan(-1e9);
    expect(seen()).toEqual([0, 10]);
  });

  it('brings into view what is not, and else stays', () => {
    viewport.show({ from: 40, to: 50 });
    viewport.reveal({ from: 44, to: 45 });
    expect(seen()).toEqual([40, 50]);
    viewport.reveal({ from: 50, to: 52 });
    expect(seen()).toEqual([43, 53]);
    viewport.reveal({ from: 20, to: 21 });
    expect(seen()).toEqual([19, 29]);
    viewport.reveal({ from: 60, to: 90 });
    expect(viewport.from).toBe(60);
  });
});

describe('a song that turns out longer', () => {
  it('is still shown whole', () => {
    viewport.setDuration(200);
    expect(seen()).toEqual([0, 200]);
  });

  it('does not move what is zoomed into', () => {
    viewport.show({ from: 40, to: 50 });
    viewport.setDuration(200);
    expect(seen()).toEqual([40, 50]);
  });
});

describe('playing', () => {
  const play = (from: number, to: number) => {
    for (let seconds = from; seconds <= to; seconds += 0.25) viewport.follow(seconds);
  };

  it('turns to the next part when it leaves the view', () => {
    viewport.show({ from: 40, to: 50 });
    play(49, 50);
    expect(seen()).toEqual([40, 50]);
    play(50.25, 50.25);
    expect(seen()).toEqual([49.25, 59.25]);
  });

  it('lets a person look elsewhere', () => {
    viewport.show({ from: 40, to: 50 });
    play(44, 45);
    viewport.show({ from: 80, to: 90 });
    play(45.25, 60);
    expect(seen()).toEqual([80, 90]);
  });

  it('goes where it is told to go on from', () => {
    viewport.show({ from: 40, to: 50 });
    play(44, 45);
    viewport.show({ from: 80, to: 90 });
    viewport.follow(10);
    expect(seen()).toEqual([9, 19]);
  });
});

it('tells of each change', () => {
  let told = 0;
  viewport.subscribe(() => told++);
  viewport.zoom(2);
  viewport.pan(1);
  expect(told).toBe(2);
});
