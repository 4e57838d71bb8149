// A bot on discord.js, unchanged, that does a little of everything. Where it finds its Discord comes from
// the environment; a line "ready" on the standard output says that it runs.
import {
  ActionRowBuilder, ApplicationCommandType, AttachmentBuilder, ButtonBuilder, ButtonStyle, Client,
  EmbedBuilder, Events, GatewayIntentBits, MessageFlags, ModalBuilder, SlashCommandBuilder,
  TextInputBuilder, TextInputStyle,
} from 'discord.js';

const { DISCORD_API, DISCORD_TOKEN } = process.env;
const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: DISCORD_API } });

const commands = [
  new SlashCommandBuilder()
    .setName('tension')
    .setDescription('News')
    .setDescriptionLocalizations({ ru: 'Новости', 'es-ES': 'Noticias' })
    .addSubcommand((sub) =>
      sub.setName('list').setDescription('List')
        .addStringOption((o) => o.setName('name').setDescription('Name').setAutocomplete(true)))
    .addSubcommand((sub) => sub.setName('alert').setDescription('Alert'))
    .toJSON(),
  { name: 'Why this alert?', type: ApplicationCommandType.Message },
];

const buttons = () => new ActionRowBuilder().addComponents(
  new ButtonBuilder().setCustomId('mute').setLabel('Mute story').setStyle(ButtonStyle.Secondary),
  new ButtonBuilder().setCustomId('edit').setLabel('Edit').setStyle(ButtonStyle.Primary),
);

const modal = () => new ModalBuilder().setCustomId('watch').setTitle('Edit watch').addComponents(
  new ActionRowBuilder().addComponents(
    new TextInputBuilder().setCustomId('rule').setLabel('Rule').setStyle(TextInputStyle.Short)),
);

async function alert(interaction) {
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const posted = await interaction.channel.send({
    embeds: [new EmbedBuilder().setTitle('Talks in Oman').setColor(0xcc0000).setDescription('Two hosts')],
    components: [buttons()],
    files: [new AttachmentBuilder(Buffer.from('a chart'), { name: 'chart.png' })],
  });
  const thread = await posted.startThread({ name: 'Talks in Oman' });
  await thread.send('More news');
  await posted.reply('A new turn');
  await interaction.editReply('Posted.');
}

async function act(interaction) {
  if (interaction.isAutocomplete()) {
    await interaction.respond([{ name: `${interaction.options.getFocused()}an talks`, value: '7' }]);
  } else if (interaction.isMessageContextMenuCommand()) {
    const { embeds } = interaction.targetMessage;
    await interaction.reply({ content: `Because of: ${embeds[0].title}`, flags: MessageFlags.Ephemeral });
  } else if (interaction.isChatInputCommand() && interaction.options.getSubcommand() === 'alert') {
    await alert(interaction);
  } else if (interaction.isChatInputCommand()) {
    await interaction.reply({ content: `You asked for ${interaction.options.getString('name')}.`, flags: MessageFlags.Ephemeral });
    await interaction.followUp({ content: 'That is all.', flags: MessageFlags.Ephemeral });
  } else if (interaction.isButton() && interaction.customId === 'mute') {
    await interaction.update({ content: 'Muted', components: [] });
  } else if (interaction.isButton()) {
    await interaction.showModal(modal());
  } else if (interaction.isModalSubmit()) {
    const rule = interaction.fields.getTextInputValue('rule');
    const dm = await interaction.user.createDM();
    await dm.send(`Saved ${rule}.`);
    await interaction.reply({ content: 'Look at your messages.', flags: MessageFlags.Ephemeral });
  }
}

client.on(Events.InteractionCreate, (interaction) => act(interaction).catch(console.error));
client.on(Events.Error, console.error);
client.once(Events.ClientReady, async () => {
  await client.application.commands.set(commands);
  console.log('ready');
});
await client.login(DISCORD_TOKEN);
