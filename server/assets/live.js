// Brings what carries data-live up to date when a phone has synced; without it, reloading does.
"use strict";
(() => {
  const parts = () => [...document.querySelectorAll("[data-live]")];
  if (parts().length === 0) return;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  // Where a figure changed, for a moment; without motion for whoever wants none (style.css).
  const point = (element) => {
    if (element.closest("[role=status]")) return;
    element.classList.add("moved");
    setTimeout(() => element.classList.remove("moved"), 2_000);
  };

  // Changes what differs and leaves the rest alone: focus, open tables, the place on the page.
  const same = (a, b) => a.nodeName === b.nodeName && (a.id ?? "") === (b.id ?? "");
  const bring = (old, now) => {
    if (old.isEqualNode(now)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) {
      old.data = now.data;
      point(old.parentElement);
      return;
    }
    for (const { name } of [...old.attributes]) {
      const opened = name === "open" && old.nodeName === "DETAILS";
      if (!opened && !now.hasAttribute(name)) old.removeAttribute(name);
    }
    for (const { name, value } of now.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    let place = old.firstChild;
    for (const child of [...now.childNodes]) {
      let at = place;
      while (at && !same(at, child)) at = at.nextSibling;
      if (!at) {
        old.insertBefore(child, place);
        continue;
      }
      while (place !== at) {
        const gone = place;
        place = place.nextSibling;
        gone.remove();
      }
      bring(at, child);
      place = at.nextSibling;
    }
    while (place) {
      const gone = place;
      place = place.nextSibling;
      gone.remove();
    }
  };
  htmx.defineExtension("keep", {
    handleSwap: (style, target, fragment) => {
      // htmx asks for every swap inside the body; Back brings a whole page.
      if (style !== "keep") return false;
      const now = fragment.firstElementChild;
      // The page no longer has this part.
      if (now) bring(target, now);
      else location.reload();
      return [target];
    },
  });
  // Another page answers, as when the session has ended: then the browser goes there.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, pathInfo } = event.detail;
    const asked = new URL(pathInfo.finalRequestPath, location.href);
    const answered = new URL(xhr.responseURL);
    if (answered.pathname === asked.pathname) return;
    event.preventDefault();
    location.assign(answered);
  });

  // Many phones at once: about one look a second is enough.
  let [wanted, busy] = [false, false];
  let shown = document.querySelector("meta[name=news]").content;
  const look = async () => {
    wanted = true;
    if (busy) return;
    busy = true;
    while (wanted) {
      await pause(300);
      wanted = false;
      for (const target of parts()) {
        const how = { target, select: target.dataset.live, swap: "keep" };
        // The server has gone: what it says when it is back is news.
        await htmx.ajax("GET", location.href, how).catch(() => (shown = ""));
      }
      await pause(700);
    }
    busy = false;
  };

  // A tab that nobody looks at asks for nothing; when it is seen again, it hears what it missed.
  let stream;
  const close = () => stream?.close();
  const open = () => {
    close();
    if (document.hidden) return;
    const opened = (stream = new EventSource("/events"));
    opened.addEventListener("shown", ({ data }) => {
      if (data === shown) return;
      shown = data;
      look();
    });
    opened.addEventListener("error", () => {
      // A lost connection is sought again by the browser; a refused one only by us.
      const refused = opened.readyState === EventSource.CLOSED;
      if (refused) setTimeout(() => opened === stream && open(), 10_000);
    });
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  open();
})();
