// A link that a start-up message prints ends in #token=…: a fragment never leaves the browser, so no log
// holds it. It goes into the field and out of the address bar.
const found = /^#token=(.+)$/.exec(location.hash);
if (found) {
  history.replaceState(null, "", location.pathname + location.search);
  const form = document.getElementById("login");
  try {
    form.elements.token.value = decodeURIComponent(found[1]);
    form.requestSubmit();
  } catch {
    // A fragment that is no text: the form waits.
  }
}
