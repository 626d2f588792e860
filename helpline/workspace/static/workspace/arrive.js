// The pass stands behind the #, which no server sees: taken out of the address, and posted once.

const form = document.getElementById("arrive");
const pass = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
if (form instanceof HTMLFormElement && pass) {
  const field = form.elements.namedItem("pass");
  if (field instanceof HTMLInputElement) field.value = pass;
  form.submit();
}
