/** Addresses of the files that the build puts beside the page. */
export const BUNDLED = {
  wasm: new URL('../build/wasm/taggram.wasm', import.meta.url),
  models: {
    MTT_musicnn: new URL('../models/MTT_musicnn.gguf', import.meta.url),
  },
};
