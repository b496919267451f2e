"use strict";
// The sign-in page hands the token over in the fragment, which no server and no log gets to see.
const form = document.getElementById("token-form");
if (form) {
  const token = new URLSearchParams(location.hash.slice(1)).get("token") || "";
  history.replaceState(null, "", location.pathname);
  form.elements.token.value = token || "-";
  form.submit();
}
