/** Made by vite.config.ts from the files in models/. */
declare module 'virtual:models' {
  export const MODELS: readonly import('./bundled.ts').BundledModel[];
}
