// Brings what carries data-live up to date when a phone has synced; without it, reloading does.
"use strict";
(() => {
  const parts = () => [...document.querySelectorAll("[data-live]")];
  if (parts().length === 0) return;
  let waiting = false;
  const news = new EventSource("/events");
  news.addEventListener("shown", () => {
    // Many phones at once: one look a second is enough.
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      for (const part of parts()) {
        htmx.ajax("GET", location.href, {
          target: part,
          select: part.dataset.live,
          swap: "outerHTML",
        });
      }
    }, 300);
  });
  addEventListener("pagehide", () => news.close());
})();
