/** Takes contenders in turn, so that whatever else the machine does falls on all of them alike. */

/** Of one segment, in milliseconds. */
export interface Sample {
  /** Of the processor, by the thread that computes. */
  cpu: number;
  /** By the clock on the wall. */
  wall: number;
}

export interface Job {
  name: string;
  /** A block of segments. */
  measure(): Promise<Sample>;
}

export type Samples = Map<string, Sample[]>;

/** The first round warms up and is not counted. */
export async function inRounds(
  jobs: readonly Job[],
  rounds: number,
  onRound: (round: number) => void,
): Promise<Samples> {
  const samples: Samples = new Map(jobs.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    onRound(round);
    for (const job of jobs) {
      const sample = await job.measure();
      if (round > 0) samples.get(job.name)!.push(sample);
    }
  }
  return samples;
}
