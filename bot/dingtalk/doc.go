// Package dingtalk is the DingTalk (钉钉) adapter for the robot of an internal
// enterprise application: it verifies and decodes the robot's pushes, turns
// replies into the platform's message formats and calls its HTTP interfaces.
// It knows neither database nor domain.
package dingtalk
