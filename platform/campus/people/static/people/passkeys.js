// Says in words, above the button, what went wrong with a passkey in the browser; allauth only tells the console.

const IS_NUMBER = /^(\d+\.){3}\d+$|^\[/; // An IP address: browsers keep passkeys for names only.
const BY_NAME = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" };

const form = document.querySelector("input[name=credential]").form;
const place = document.createElement("div");
place.setAttribute("role", "alert");
form.prepend(place);

function troubleOf(exception) {
  if (IS_NUMBER.test(location.hostname)) return "address";
  if (!isSecureContext) return "insecure";
  if (!window.PublicKeyCredential) return "missing";
  return BY_NAME[exception.name] ?? "other";
}

document.addEventListener("allauth.error", (event) => {
  const trouble = troubleOf(event.detail.exception);
  if (trouble !== "other") event.preventDefault(); // The console keeps what nobody foresaw.
  const words = document.querySelector(`template[data-passkey-trouble=${trouble}]`);
  place.replaceChildren(words.content.cloneNode(true));
});
