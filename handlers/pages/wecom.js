// Takes the entries for passing a page on out of WeCom's menu.
(function () {
  "use strict";
  var signed = document.currentScript.dataset;
  if (!window.wx) return;
  wx.config({ beta: true, debug: false, appId: signed.corp, timestamp: Number(signed.timestamp), nonceStr: signed.nonce,
    signature: signed.signature, jsApiList: ["hideOptionMenu"] });
  wx.ready(function () { wx.hideOptionMenu(); });
}());
