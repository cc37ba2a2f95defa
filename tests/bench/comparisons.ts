/** From the samples of all jobs to what is compared. */
import { OVERLAPPING, oursJob, peerJob, PEERS, type Place } from './field.ts';
import { formsOf, hearsSamples, listenerOf } from './hearing.ts';
import type { Comparison, PeerTiming, Timing } from './measured.ts';
import { SEGMENT_FRAMES, type Work } from './page/contender.ts';
import type { Sample, Samples } from './rounds.ts';
import { summarise } from './statistics.ts';

const RUNTIMES: Record<Place, Record<string, string>> = {
  web: { onnx: 'onnxruntime-web', tensorflow: 'TensorFlow.js' },
  native: { onnx: 'onnxruntime' },
};

/** Everything that a model's contenders say of each other in one place. */
export function comparisonsOf(
  samples: Samples,
  differences: Record<string, number>,
  place: Place,
  model: string,
  models: string[],
): Comparison[] {
  const heard = hearsSamples(model) ? 'samples' : 'log-mel';
  const listening = samples.get(oursJob(place, listenerOf(model, models), 'listen'))!;
  const compare = (from: Comparison['from'], work: Work, hop: number): Comparison => {
    const ours = timingOf(samples.get(oursJob(place, model, work, hop))!);
    const added = from === 'PCM' ? listening : undefined;
    const peers = PEERS[place].flatMap((peer) =>
      formsOf(model).map((form): PeerTiming => {
        const job = peerJob(place, peer, model, form);
        const timing = timingOf(plus(samples.get(job)!, added));
        return {
          runtime: RUNTIMES[place][peer]!,
          form,
          ...timing,
          ratio: timing.cpu.median / ours.cpu.median,
          leastRatio: timing.cpu.least / ours.cpu.least,
          difference: differences[job]!,
        };
      }),
    );
    return { model, place, from, hop, ours, peers };
  };
  const comparisons = [compare(heard, 'score', SEGMENT_FRAMES), compare('PCM', 'tag', SEGMENT_FRAMES)];
  if (model === OVERLAPPING.model) comparisons.push(compare('log-mel', 'score', OVERLAPPING.hop));
  return comparisons;
}

/** Of the same rounds: peers have no front-end of their own, so ours is added to their time. */
function plus(samples: Sample[], added: Sample[] | undefined): Sample[] {
  if (!added) return samples;
  return samples.map(({ cpu, wall }, round) => ({
    cpu: cpu + added[round]!.cpu,
    wall: wall + added[round]!.wall,
  }));
}

function timingOf(samples: Sample[]): Timing {
  return { cpu: summarise(samples.map(({ cpu }) => cpu)), wall: summarise(samples.map(({ wall }) => wall)) };
}
