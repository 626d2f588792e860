// Pages of this site replace each other, so that a tab holds one entry of ours and Back leaves the site.

/** @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || event.defaultPrevented || link.origin !== location.origin) return;
  event.preventDefault();
  if (link.pathname === location.pathname && link.hash) {
    document.querySelector(link.hash)?.scrollIntoView();
    /** @type {HTMLElement | null} */ (document.querySelector(link.hash))?.focus({ preventScroll: true });
  } else {
    location.replace(link.href);
  }
}

addEventListener("click", follow);
