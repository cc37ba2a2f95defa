/** Colours as eyes with a colour vision deficiency see them, and how much they stand out. */
import { lab, rgb, type LabColor } from 'd3-color';

/** Full deficiencies: Machado, Oliveira and Fernandes (2009), over linear RGB. */
const MATRICES = {
  'usual colour vision': [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};
export type Condition = keyof typeof MATRICES;
export const CONDITIONS = Object.keys(MATRICES) as Condition[];

/** The transfer function of sRGB, 0 .. 255 to 0 .. 1 and back. */
function linear(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function encoded(value: number): number {
  const part = Math.min(1, Math.max(0, value));
  return 255 * (part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055);
}

export function seenWith(condition: Condition, colour: string): LabColor {
  const { r, g, b } = rgb(colour);
  const given = [r, g, b].map(linear);
  const matrix = MATRICES[condition];
  const seen = [0, 1, 2].map((row) =>
    encoded(given.reduce((sum, value, column) => sum + matrix[row * 3 + column]! * value, 0)),
  );
  return lab(rgb(seen[0]!, seen[1]!, seen[2]!));
}

/** The contrast ratio of WCAG 2. */
export function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const { r, g, b } = rgb(colour);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}
