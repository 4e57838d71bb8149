// A bot on Slack's own framework, unchanged, that does a little of everything. Where it finds its Slack
// comes from the environment; a line "ready PORT" on the standard output says that it runs.
import bolt from '@slack/bolt';

const { App, LogLevel } = bolt;
const { SLACK_API_URL: slackApiUrl, SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken } = process.env;
const { SLACK_SIGNING_SECRET: signingSecret, MODE } = process.env;
const clientOptions = { slackApiUrl };

const app = new App(
  MODE === 'socket'
    ? { token, appToken, socketMode: true, clientOptions, installerOptions: { clientOptions }, logLevel: LogLevel.ERROR }
    : { token, signingSecret, clientOptions, logLevel: LogLevel.ERROR },
);

const field = (label) => ({
  type: 'input',
  block_id: 'rule',
  label: { type: 'plain_text', text: label },
  element: { type: 'plain_text_input', action_id: 'text' },
});

app.command('/tension', async ({ ack, command, client, respond }) => {
  if (command.text !== 'alert') {
    await ack({ text: `You said ${command.text}.` });
    return;
  }
  await ack(); // without a text: what is shown first, it or the message, would be a matter of luck
  await client.chat.postMessage({
    channel: command.channel_id,
    text: 'Talks in Oman',
    metadata: { event_type: 'alert', event_payload: { delivery: '1' } },
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'Talks in Oman' } },
      {
        type: 'actions',
        elements: [
          { type: 'button', action_id: 'mute', value: '7', text: { type: 'plain_text', text: 'Mute story' } },
          { type: 'button', action_id: 'edit', text: { type: 'plain_text', text: 'Edit' } },
        ],
      },
    ],
  });
  await respond('Posted.');
});

app.action('mute', async ({ ack, action, client, body }) => {
  await ack();
  await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: `Muted ${action.value}`, blocks: [] });
});

app.action('edit', async ({ ack, client, body }) => {
  await ack();
  await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: 'modal',
      callback_id: 'watch',
      title: { type: 'plain_text', text: 'Edit watch' },
      submit: { type: 'plain_text', text: 'Save' },
      blocks: [field('Rule')],
    },
  });
});

app.view('watch', async ({ ack, view, client, body }) => {
  const rule = view.state.values.rule.text.value;
  if (rule === 'bad') {
    await ack({ response_action: 'errors', errors: { rule: 'This is no rule.' } });
    return;
  }
  await ack();
  const { channel } = await client.conversations.open({ users: body.user.id });
  await client.chat.postMessage({ channel: channel.id, text: `Saved ${rule}.` });
});

app.shortcut('why', async ({ ack, shortcut, client }) => {
  await ack();
  await client.chat.postEphemeral({
    channel: shortcut.channel.id,
    user: shortcut.user.id,
    text: `Because of: ${shortcut.message.text}`,
  });
});

app.event('app_home_opened', async ({ event, client }) => {
  const { user } = await client.users.info({ user: event.user });
  await client.views.publish({
    user_id: event.user,
    view: { type: 'home', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `Hello ${user.name}` } }] },
  });
});

app.error(async (error) => {
  console.error(error);
});

const server = await app.start(0);
console.log(`ready ${MODE === 'socket' ? 0 : server.address().port}`);
