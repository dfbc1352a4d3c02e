// The phone's own camera and place where the platform lets a page use them; otherwise the fields
// that every browser has stay as they are.
"use strict";

(function () {
  const form = document.querySelector("form[data-photos]");
  if (!form) return;
  const most = Number(form.dataset.photos);
  const file = form.querySelector("input[type=file]");
  const chosen = document.getElementById("chosen");
  const camera = form.elements.camera;
  const place = form.elements.place;

  const tell = (words) => { chosen.textContent = words; };

  file.addEventListener("change", () => {
    const many = file.files.length > most;
    file.setCustomValidity(many ? "最多选" + most + "张" : "");
    tell(many ? "选了" + file.files.length + "张，最多" + most + "张，请少选几张。" : "选了" + file.files.length + "张照片。");
  });
  // Sent once, however often it is tapped.
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    setTimeout(() => { button.disabled = true; }, 0);
    tell("正在交上去，请稍等…");
  });
  window.addEventListener("pageshow", () => { form.querySelector("button[type=submit]").disabled = false; });

  const wx = window.wx;
  if (!wx || !wx.config || !form.dataset.signature) return;
  wx.config({
    appId: form.dataset.app,
    timestamp: Number(form.dataset.timestamp),
    nonceStr: form.dataset.nonce,
    signature: form.dataset.signature,
    jsApiList: ["chooseImage", "uploadImage", "getLocation"],
  });
  let failed = false;
  wx.error(() => { failed = true; });
  wx.ready(() => {
    if (failed) return;
    offerCamera();
    offerPlace();
  });

  function offerCamera() {
    const button = document.getElementById("camera");
    button.parentElement.hidden = false;
    button.addEventListener("click", () => wx.chooseImage({
      count: most,
      sizeType: ["compressed"],
      sourceType: ["camera", "album"],
      success: (result) => upload(result.localIds.slice(0, most)),
      fail: () => tell("没有选成照片，可以用上面的“选择文件”。"),
    }));
  }

  // One after the other: the platform takes no two at a time.
  function upload(locals) {
    const ids = [];
    const next = () => {
      if (ids.length === locals.length) {
        camera.value = ids.join(",");
        tell("收到" + ids.length + "张照片。");
        return;
      }
      tell("正在收第" + (ids.length + 1) + "张照片…");
      wx.uploadImage({
        localId: locals[ids.length],
        isShowProgressTips: 0,
        success: (result) => { ids.push(result.serverId); next(); },
        fail: () => tell("照片没有收到，请再试一次，或者用上面的“选择文件”。"),
      });
    };
    next();
  }

  function offerPlace() {
    const button = document.getElementById("where");
    button.parentElement.hidden = false;
    button.addEventListener("click", () => wx.getLocation({
      type: "gcj02",
      success: (at) => {
        place.value = Number(at.latitude).toFixed(5) + "，" + Number(at.longitude).toFixed(5);
        button.textContent = "位置附上了";
        button.disabled = true;
      },
      fail: () => tell("没有取到位置，可以在上面写明地点。"),
    }));
  }
})();
