// The store as the browser sees it, for tests/storage.rs: what really lies in IndexedDB, and connections that die.

// Every connection that has begun a transaction, and how it went with every transaction that writes.
const connections = new Set();
let writes = [];
const begin = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...given) {
  connections.add(this);
  const transaction = begin.apply(this, given);
  if (transaction.mode === "readwrite") {
    const write = { durability: transaction.durability, completed: false };
    transaction.addEventListener("complete", () => (write.completed = true));
    writes.push(write);
  }
  return transaction;
};

// The writes since the last call, one word each.
export function takeWrites() {
  const words = writes.map(({ durability, completed }) => `${durability} ${completed ? "completed" : "open"}`);
  writes = [];
  return words;
}

// Closes every connection without a word to who holds it, as a browser does that has thrown its database process out.
export function killConnections() {
  const count = connections.size;
  for (const connection of connections) connection.close();
  connections.clear();
  return count;
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("somebody holds on to the database"));
  });

// Fails when a connection stays open although it was asked to close.
export async function remove(name) {
  await done(indexedDB.deleteDatabase(name));
}

// Every key and every value as bytes, one after another.
export async function everything(name) {
  const database = await done(indexedDB.open(name));
  const transaction = database.transaction([...database.objectStoreNames], "readonly");
  const pieces = [];
  for (const store of database.objectStoreNames) {
    const keys = await done(transaction.objectStore(store).getAllKeys());
    const values = await done(transaction.objectStore(store).getAll());
    pieces.push(...keys, ...values);
  }
  database.close();
  const bytes = pieces.map((piece) => (piece instanceof Uint8Array ? piece : new TextEncoder().encode(JSON.stringify(piece))));
  return new Uint8Array(await new Blob(bytes).arrayBuffer());
}

// Turns one bit of a value around.
export async function damage(name, store, key) {
  const database = await done(indexedDB.open(name));
  const objects = database.transaction([store], "readwrite").objectStore(store);
  const value = await done(objects.get(key));
  value[value.length - 1] ^= 1;
  await done(objects.put(value, key));
  database.close();
}

// The database as a build of next year would leave it.
export async function makeNewer(name) {
  const request = indexedDB.open(name, 2);
  request.onupgradeneeded = () => request.result.createObjectStore("ops").put("from next year", "key");
  (await done(request)).close();
}

export async function version(name) {
  const found = (await indexedDB.databases()).find((database) => database.name === name);
  return found?.version ?? 0;
}

// What a private window of some browsers gives.
const factory = indexedDB;

export function block() {
  Object.defineProperty(window, "indexedDB", { value: null, configurable: true });
}

export function unblock() {
  Object.defineProperty(window, "indexedDB", { value: factory, configurable: true });
}
