// Serves one plan without network. It is registered for that plan's page alone and holds nothing of any other.
const base = new URL(self.registration.scope).pathname.replace(/\/$/, "");
const cacheName = `psoas ${base}`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data && Array.isArray(event.data.keep)) event.waitUntil(keep(event.data.keep));
});

async function keep(urls) {
  const cache = await caches.open(cacheName);
  for (const url of urls) {
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) await cache.put(url, answer);
    } catch { /* kept the next time */ }
  }
  const wanted = new Set(urls);
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname.replace(/\/$/, "") === base) event.respondWith(page(event.request));
  else if (/^\/(static|figures)\//.test(url.pathname)) event.respondWith(part(event.request));
});

// The page of the practice where it can be reached, as it was last seen where it cannot. A link that is over takes what
// was kept with it.
async function page(request) {
  const cache = await caches.open(cacheName);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(self.location.origin + base, answer.clone());
    else if (answer.status === 404) { await caches.delete(cacheName); await self.registration.unregister(); }
    return answer;
  } catch (error) {
    const kept = await cache.match(self.location.origin + base, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

async function part(request) {
  const cache = await caches.open(cacheName);
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}
