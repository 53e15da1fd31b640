// A link that a start-up message prints ends in #token=…, and that of an invitation in #code=…: a fragment never
// leaves the browser, so no log holds it. It goes into the field and out of the address bar.
const found = /^#(token|code)=(.+)$/.exec(location.hash);
if (found) {
  history.replaceState(null, "", location.pathname + location.search);
  const [, name, value] = found;
  const field = document.getElementById(name);
  try {
    if (field) field.value = decodeURIComponent(value);
    if (field && name === "token") field.form.requestSubmit();
    if (field && name === "code") document.getElementById("password").focus();
  } catch {
    // A fragment that is no text: the form waits.
  }
}
