// Stands in for the platform's script (JS-SDK) in any browser: the part that our pages use.
"use strict";

window.wx = (() => {
  const host = new URL(document.currentScript.src).origin;
  const ask = (what, query) =>
    fetch(host + "/open/js/" + what + "?" + new URLSearchParams(query)).then((answer) => answer.json());
  let allowed = [];
  let failed = null;
  let settled = null;
  const onError = [];

  function config(given) {
    settled = ask("check", {
      app: given.appId,
      timestamp: given.timestamp,
      nonce: given.nonceStr,
      signature: given.signature,
      url: location.href.split("#")[0],
    }).then((answer) => {
      if (answer.errMsg === "config:ok") allowed = given.jsApiList;
      else failed = answer;
    }, () => { failed = { errMsg: "config:fail" }; }).then(() => {
      if (failed) onError.forEach((tell) => tell(failed));
    });
  }

  function call(name, asked, work) {
    if (!allowed.includes(name)) {
      if (asked.fail) asked.fail({ errMsg: name + ":permission denied" });
      return;
    }
    work().then((result) => asked.success(result), () => asked.fail && asked.fail({ errMsg: name + ":fail" }));
  }

  return {
    config,
    ready: (tell) => settled && settled.then(tell),
    error: (tell) => onError.push(tell),
    chooseImage: (asked) => call("chooseImage", asked, () =>
      Promise.resolve({ localIds: ["wxLocalResource://1", "wxLocalResource://2", "wxLocalResource://3"].slice(0, asked.count) })),
    uploadImage: (asked) => call("uploadImage", asked, () => ask("upload", { local: asked.localId })),
    getLocation: (asked) => call("getLocation", asked, () =>
      Promise.resolve({ latitude: 36.6253, longitude: 114.4937 })),
  };
})();
