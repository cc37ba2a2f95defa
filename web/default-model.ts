/** The model that comes with the page. In a file of its own, since the build asks for it too. */
export const DEFAULT_MODEL = 'MTT_musicnn';
