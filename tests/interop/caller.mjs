// A call to the local server with the npm package `openai`, only its base URL
// changed, over one of three WebRTC stacks: @roamhq/wrtc (libwebrtc), werift, or
// node-datachannel (libdatachannel).
//
//     node caller.mjs STACK SPEECH OUT    with OPENAI_BASE_URL and OPENAI_API_KEY
//
// SPEECH and what is written to OUT-heard: for wrtc 48 kHz mono 16-bit samples, for the
// others (which have no codec) Opus packets of 20 ms, base64, one a line. OUT-events.jsonl
// has what the server sent, the last line printed is what was seen, as JSON.
import fs from "node:fs";
import readline from "node:readline";
import OpenAI from "openai";

const [stack, speech, out] = process.argv.slice(2);
const FRAME_MS = 20;
const PATIENCE_MS = 60000;

function fail(error) {
  console.error(error);
  process.exit(1);
}
process.on("unhandledRejection", fail);

// 20 ms frames by the clock: the file once, then silence.
function pace(send) {
  const begin = performance.now();
  let sent = 0;
  return setInterval(() => {
    for (; begin + sent * FRAME_MS <= performance.now(); sent++) send(sent);
  }, FRAME_MS / 2);
}

async function openWrtc() {
  const wrtc = (await import("@roamhq/wrtc")).default;
  const bytes = fs.readFileSync(speech);
  const file = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  const heard = fs.createWriteStream(`${out}-heard`);
  const connection = new wrtc.RTCPeerConnection({ iceServers: [] });
  const source = new wrtc.nonstandard.RTCAudioSource();
  connection.addTrack(source.createTrack());
  const seen = { frames: 0 };
  let sink;
  connection.ontrack = ({ track }) => {
    sink = new wrtc.nonstandard.RTCAudioSink(track);
    sink.ondata = ({ samples, sampleRate, channelCount }) => {
      seen.frames++;
      seen.rate = sampleRate;
      const mono = samples.filter((_, i) => i % channelCount === 0);
      heard.write(Buffer.from(mono.buffer, mono.byteOffset, mono.byteLength));
    };
  };
  let timer;
  return {
    connection, seen,
    speak() {
      timer = pace((number) => {
        for (let half = 0; half < 2; half++) {
          const samples = new Int16Array(480);
          samples.set(file.subarray(number * 960 + half * 480, number * 960 + half * 480 + 480));
          source.onData({ samples, sampleRate: 48000, bitsPerSample: 16, channelCount: 1,
            numberOfFrames: 480 });
        }
      });
    },
    async close() {
      clearInterval(timer);
      sink?.stop();
      connection.close();
      await new Promise((done) => heard.end(done));
    },
  };
}

const readPackets = () => fs.readFileSync(speech, "utf8").trim().split("\n")
  .map((line) => Buffer.from(line, "base64"));

async function openWerift() {
  const werift = await import("werift");
  const packets = readPackets();
  const silence = packets[packets.length - 1];
  const heard = fs.createWriteStream(`${out}-heard`);
  const connection = new werift.RTCPeerConnection({
    iceServers: [],
    codecs: { audio: [new werift.RTCRtpCodecParameters(
      { mimeType: "audio/opus", clockRate: 48000, channels: 2, payloadType: 96 })], video: [] },
  });
  const track = new werift.MediaStreamTrack({ kind: "audio" });
  connection.addTransceiver(track, { direction: "sendrecv" });
  const seen = { frames: 0 };
  connection.onTrack.subscribe((remote) => {
    remote.onReceiveRtp.subscribe((packet) => {
      seen.frames++;
      heard.write(`${packet.payload.toString("base64")}\n`);
    });
  });
  let timer;
  return {
    connection, seen,
    speak() {
      timer = pace((number) => {
        track.writeRtp(new werift.RtpPacket(new werift.RtpHeader({
          payloadType: 96, sequenceNumber: number & 0xffff, timestamp: (number * 960) >>> 0,
          ssrc: 0x5eed, marker: number === 0,
        }), packets[number] ?? silence));
      });
    },
    async close() {
      clearInterval(timer);
      await connection.close();
      await new Promise((done) => heard.end(done));
    },
  };
}

// The payload of an RTP packet.
function payload(packet) {
  let start = 12 + 4 * (packet[0] & 15);
  if (packet[0] & 16) start += 4 + 4 * packet.readUInt16BE(start + 2);
  const end = packet[0] & 32 ? packet.length - packet[packet.length - 1] : packet.length;
  return packet.subarray(start, end);
}

// libdatachannel's own interface, in the names that the rest of this file uses.
async function openNodeDatachannel() {
  const { PeerConnection, Audio, getLibraryVersion } = await import("node-datachannel");
  const packets = readPackets();
  const silence = packets[packets.length - 1];
  const heard = fs.createWriteStream(`${out}-heard`);
  const peer = new PeerConnection("caller", { iceServers: [], disableAutoNegotiation: true });
  const audio = new Audio("audio", "SendRecv");
  audio.addOpusCodec(111);
  audio.addSSRC(0x5eed, "caller", "caller", "audio");
  const track = peer.addTrack(audio);
  const seen = { frames: 0, library: getLibraryVersion() };
  track.onMessage((packet) => {
    // RTCP comes the same way
    if (packet[1] >= 192 && packet[1] < 224) return;
    seen.frames++;
    heard.write(`${payload(packet).toString("base64")}\n`);
  });
  const connection = {
    iceGatheringState: "new",
    createDataChannel(label) {
      const inner = peer.createDataChannel(label);
      const channel = { send: (text) => inner.sendMessage(text) };
      inner.onMessage((data) => channel.onmessage({ data }));
      inner.onClosed(() => channel.onclose?.());
      return channel;
    },
    async createOffer() {},
    async setLocalDescription() { peer.setLocalDescription("offer"); },
    get localDescription() { return peer.localDescription(); },
    async setRemoteDescription({ type, sdp }) { peer.setRemoteDescription(sdp, type); },
  };
  peer.onGatheringStateChange((state) => {
    connection.iceGatheringState = state;
    connection.onicegatheringstatechange?.();
  });
  let timer;
  return {
    connection, seen,
    speak() {
      timer = pace((number) => {
        const packet = Buffer.alloc(12);
        packet.writeUInt16BE(0x806f | (number ? 0 : 0x80), 0);
        packet.writeUInt16BE(number & 0xffff, 2);
        packet.writeUInt32BE((number * 960) >>> 0, 4);
        packet.writeUInt32BE(0x5eed, 8);
        try {
          track.sendMessageBinary(Buffer.concat([packet, packets[number] ?? silence]));
        } catch (error) {
          // the server may hang up at any time
          if (track.isOpen()) throw error;
        }
      });
    },
    async close() {
      clearInterval(timer);
      peer.close();
      await new Promise((done) => heard.end(done));
    },
  };
}

const stacks = { wrtc: openWrtc, werift: openWerift, "node-datachannel": openNodeDatachannel };
const { connection, seen, speak, close } = await stacks[stack]();
const channel = connection.createDataChannel("oai-events");
const events = [];
const waiting = new Set();
const log = fs.createWriteStream(`${out}-events.jsonl`);
channel.onmessage = ({ data }) => {
  log.write(`${data}\n`);
  events.push(JSON.parse(data));
  for (const look of [...waiting]) look();
};

// The first event from `from` on that fits, there already or yet to come.
function wait(type, from = 0, fits = () => true) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(
      `no ${type}; there were ${events.map((event) => event.type).join(" ")}`)), PATIENCE_MS);
    const look = () => {
      const found = events.slice(from).find((event) => event.type === type && fits(event));
      if (!found) return;
      clearTimeout(timer);
      waiting.delete(look);
      resolve(found);
    };
    waiting.add(look);
    look();
  });
}
const send = (event) => channel.send(JSON.stringify(event));

const client = new OpenAI({ maxRetries: 0 });
const weather = {
  type: "function", name: "get_weather", description: "Says the weather.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const session = { type: "realtime", model: "gpt-realtime", tools: [weather],
  audio: { input: { transcription: { model: "gpt-4o-transcribe" } } } };

await connection.setLocalDescription(await connection.createOffer());
await new Promise((resolve) => {
  const look = () => connection.iceGatheringState === "complete" && resolve();
  connection.onicegatheringstatechange = look;
  look();
});
const sdp = connection.localDescription.sdp;
fs.writeFileSync(`${out}-offer.sdp`, sdp);

// Once with a token that was minted, once with the key and the session beside the offer.
let response;
if (stack === "wrtc") {
  const secret = await client.realtime.clientSecrets.create({ session });
  if (!secret.value.startsWith("ek_")) throw new Error("a token that is none");
  seen.minted = secret.session.type;
  response = await new OpenAI({ apiKey: secret.value, maxRetries: 0 })
    .realtime.calls.create({ sdp });
} else {
  response = await client.realtime.calls.create({ sdp, session });
}
seen.status = response.status;
const callId = response.headers.get("location").split("/").pop();
seen.callId = callId;
const answer = await response.text();
fs.writeFileSync(`${out}-answer.sdp`, answer);
await connection.setRemoteDescription({ type: "answer", sdp: answer });

const created = await wait("session.created");
seen.tools = created.session.tools.map((tool) => tool.name);
send({ type: "session.update", session: { type: "realtime", instructions: "Be brief." } });
await wait("session.updated");

speak();
seen.transcript = (await wait("conversation.item.input_audio_transcription.completed")).transcript;
await wait("response.done");
await wait("output_audio_buffer.stopped");

let from = events.length;
send({ type: "conversation.item.create", item: { type: "message", role: "user",
  content: [{ type: "input_text", text: "what is the weather in Berlin" }] } });
send({ type: "response.create" });
const call = await wait("response.function_call_arguments.done", from);
seen.call = { name: call.name, arguments: JSON.parse(call.arguments) };
await wait("response.done", from);
from = events.length;
send({ type: "conversation.item.create", item: { type: "function_call_output",
  call_id: call.call_id, output: JSON.stringify({ weather: "sunny" }) } });
send({ type: "response.create", response: { output_modalities: ["text"] } });
seen.answer = (await wait("response.output_text.done", from)).text;
await wait("response.done", from);

from = events.length;
send({ type: "response.create", response: {
  instructions: "Say exactly: this is a rather long sentence that somebody will interrupt" } });
await wait("output_audio_buffer.started", from);
send({ type: "output_audio_buffer.clear" });
await wait("output_audio_buffer.cleared", from);
send({ type: "response.cancel" });

const closed = new Promise((resolve) => {
  channel.onclose = () => resolve("the channel was closed");
  connection.addEventListener?.("connectionstatechange", () => {
    seen.states = [...seen.states ?? [], connection.connectionState];
    if (connection.connectionState === "closed") resolve("the connection was closed");
  });
});
seen.errors = events.filter((event) => event.type === "error").map((event) => event.error.code);
await client.realtime.calls.hangup(callId);
seen.end = await Promise.race([closed,
  new Promise((resolve) => setTimeout(() => resolve("nothing was told"), 10000))]);
await close();
await new Promise((done) => log.end(done));
console.log(JSON.stringify(seen));
process.exit(0);
