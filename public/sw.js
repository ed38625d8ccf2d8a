// The service worker of the young person's app: the app opens without a network, and always in one version.
//
// It does not touch /api/ or the staff app, it caches nothing on the way, it leaves the films that the app has saved alone, and it never takes over by itself: a new
// version waits until the app asks for it, because the app knows whether something unsaved is being written.

// Both are filled in by `cargo xtask build` from the final bytes of the build.
const BUILD = "development";
const PRECACHE = [/* { url, revision } */];

const PREFIX = "min-plan-";
const CACHE = PREFIX + BUILD;
// What is drawn before the program is there: for whoever has not begun and may read Danish, and for everybody else.
const WELCOME = "/";
const FRAME = "/frame.html";
// There is a cache of this name, with nothing in it, once the young person has begun or chosen a language. Only the app knows that.
const BEGUN = "begun";
// And one of this name while they have chosen English.
const ENGLISH = "english";
// Films that somebody has saved. The app fills and empties it.
const FILMS = PREFIX + "films";
const PRECACHED = new Set(PRECACHE.map((entry) => entry.url));

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "activate") {
    event.waitUntil(self.skipWaiting());
  }
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (isUntouched(url.pathname)) return;
  if (request.mode === "navigate") {
    // A link to a file is not a page of the app: a missing file has to be a 404, never the shell.
    if (isFile(url.pathname)) return;
    event.respondWith(page(url.pathname, request));
  } else if (PRECACHED.has(url.pathname)) {
    event.respondWith(fromCache(url.pathname, request));
  } else if (url.pathname.startsWith("/films/") && request.cache !== "reload") {
    event.respondWith(film(url.pathname, request));
  }
});

// All or nothing: everything is fetched and checked before the first entry is written, so that a deploy in the middle
// or a lost connection leaves the version before it in charge. The browser tries again by itself later.
async function install() {
  const files = await Promise.all(PRECACHE.map(fetchChecked));
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(files.map(({ url, response }) => cache.put(url, response)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

// The revision is the start of the SHA-256 of the bytes. It is compared here, since a server that is being replaced may
// answer with one old and one new file, and the two would not fit together.
async function fetchChecked({ url, revision }) {
  const response = await fetch(url, { cache: "reload", credentials: "same-origin" });
  if (!response.ok || response.redirected) {
    throw new Error(`${url}: answered ${response.status}`);
  }
  const bytes = await response.clone().arrayBuffer();
  if ((await digest(bytes)).slice(0, revision.length) !== revision) {
    throw new Error(`${url}: is not the version of this build`);
  }
  return { url, response };
}

async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// `claim` lets the very first visit work offline at once; later versions are only activated when the app asked.
async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE && name !== FILMS);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(path, request) {
  const isNew = path === "/" && !(await isMarked(BEGUN));
  return isNew ? fromCache(WELCOME, request) : frame(request);
}

// It has the words of both languages, and shows those of the one that it says it is in.
async function frame(request) {
  const response = await fromCache(FRAME, request);
  if (!response.ok || !(await isMarked(ENGLISH))) return response;
  const headers = new Headers(response.headers);
  // They are about the bytes that were packed and sent.
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response((await response.text()).replace('<html lang="da">', '<html lang="en">'), { headers });
}

// A store that the browser can no longer read has no marks.
async function isMarked(name) {
  return caches.has(name).catch(() => false);
}

// The network is the way out when the browser has thrown the cache away or cannot read it; offline it fails as it would without
// a worker.
async function fromCache(url, request) {
  const find = async () => (await caches.open(CACHE)).match(url, { ignoreVary: true });
  return (await find().catch(() => undefined)) ?? fetch(request);
}

// With `reload` the app asks for it anew, to save it.
async function film(path, request) {
  const saved = await caches.match(path, { cacheName: FILMS, ignoreVary: true });
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") ?? "");
  if (!saved) return fetch(request);
  return range ? piece(await saved.blob(), range[1], range[2]) : saved;
}

// A range without a beginning is that many bytes of the end; one that makes no sense is not one.
function piece(whole, first, last) {
  const size = whole.size;
  const headers = { "content-type": whole.type, "accept-ranges": "bytes" };
  if ((!first && !last) || (first && last && Number(last) < Number(first))) return new Response(whole, { headers });
  const begin = first ? Number(first) : Math.max(size - Number(last), 0);
  const end = first && last ? Math.min(Number(last) + 1, size) : size;
  if (begin >= size) return new Response(null, { status: 416, headers: { "content-range": `bytes */${size}` } });
  headers["content-range"] = `bytes ${begin}-${end - 1}/${size}`;
  headers["content-length"] = String(end - begin);
  return new Response(whole.slice(begin, end, whole.type), { status: 206, headers });
}

function isUntouched(path) {
  return path.startsWith("/api/") || path === "/personale" || path === "/gaest" || path.startsWith("/personale/");
}

function isFile(path) {
  return path.slice(path.lastIndexOf("/") + 1).includes(".");
}
