/** Asks the browser not to clear what is kept here when the device runs short of room. */

/** Some browsers ask the person in turn: it is for when a person has just wished that something be kept. */
export async function persist(): Promise<void> {
  const { storage } = navigator;
  if (!storage?.persist || (await storage.persisted())) return; // plain http has neither
  await storage.persist();
}
