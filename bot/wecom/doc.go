// Package wecom speaks the WeCom (企业微信) protocol for the self-built app and
// the group webhook: the callback codec, decoding into bot.Message, the passive
// reply, and a client that sends, fetches media and classifies every failure.
//
// The numbers in the document references are pages of the WeCom developer
// documentation (developer.work.weixin.qq.com/document/path/<number>).
package wecom
