/**
 * The shapes that travel between the sandbox and its page, as docs/sandbox.md describes them.
 * Only JSDoc: editors and `tsc --checkJs` read it, browsers never load it.
 *
 * @typedef {{id: string, username: string, global_name?: string | null, bot?: boolean, avatar?: string | null}} User
 * @typedef {{key: string, user: User, note: string, locale: string}} Actor
 * @typedef {{id: string, name: string, color: number, position: number, mentionable: boolean, hoist: boolean}} Role
 * @typedef {{user: User, nick: string | null, roles: string[]}} Member
 *
 * @typedef {object} Channel
 * @property {string} id
 * @property {number} type
 * @property {string} [name]
 * @property {number} [position]
 * @property {string | null} [parent_id]
 * @property {string | null} [topic]
 * @property {boolean} can_send
 * @property {boolean} can_use_commands
 * @property {boolean} bot_can_see
 * @property {boolean} [with_bot]
 * @property {User[]} [recipients]  the other people of a DM
 *
 * @typedef {object} Guild
 * @property {string} id
 * @property {string} name
 * @property {string | null} icon
 * @property {string} owner_id
 * @property {boolean} bot_present
 * @property {boolean} can_manage
 * @property {Member} member
 * @property {Role[]} roles
 * @property {Member[]} members
 * @property {Channel[]} channels
 *
 * @typedef {object} Fault
 * @property {string} [id]
 * @property {string} kind
 * @property {number} [seconds]
 * @property {number} [status]
 * @property {number | null} [times]
 * @property {number} [retry_after]
 * @property {string} [method]
 * @property {string} [path]
 *
 * @typedef {{id: string, level: "info" | "warning" | "error", title: string, text: string, at?: string}} Notice
 *
 * @typedef {object} World  the answer of `GET api/state`
 * @property {string} now
 * @property {number} last_event
 * @property {string} title
 * @property {boolean} online
 * @property {{movable: boolean}} clock
 * @property {{id: string, name: string, bot: User}} application
 * @property {Actor} actor
 * @property {Actor[]} actors
 * @property {Guild[]} guilds
 * @property {Channel[]} dms
 * @property {Fault[]} faults
 * @property {{enabled: boolean}} ratelimits
 * @property {Notice[]} notices
 * @property {{text: string, lines: string[]}} welcome  what the host program says above the first message
 * @property {boolean} workbench  whether its packs can be worked on
 *
 * @typedef {{file: string, line: number | null}} Place
 * @typedef {{place: Place, what: string, remedy: string}} BenchFault
 *
 * @typedef {object} BenchEntry
 * @property {"fact" | "quote" | "release"} kind
 * @property {string} id
 * @property {string} text
 * @property {string | null} withdrawn
 * @property {Place} place
 * @property {{text: string, place: Place}[]} asked  ways of asking, or themes
 *
 * @typedef {object} BenchPack
 * @property {string} id
 * @property {string} title
 * @property {string} file
 * @property {string} refusal  why its sidecar cannot be written, or nothing
 * @property {{id: string, name: string, entries: BenchEntry[]}[]} subjects
 *
 * @typedef {object} BenchView  the answer of `GET api/workbench`
 * @property {boolean} is_checked  whether the faults are those of the files as they are
 * @property {boolean} is_current  whether the advice is, too
 * @property {string} failure
 * @property {Record<string, string>} files  names by path
 * @property {BenchPack[]} packs
 * @property {BenchFault[]} faults
 * @property {BenchFault[]} advice
 *
 * @typedef {object} Trial  the answer of `POST api/workbench/ask`
 * @property {"found" | "unsure" | "unknown"} outcome
 * @property {string} text
 * @property {string[]} reasons
 * @property {{kinds: string[], names: {text: string, stands_for: string[]}[], words: {text: string, weight: number}[], asks_for: string[]}} understood
 * @property {{pack: string, fact: string, statement: string, confidence: number, nearest: string, similarity: number, remarks: string[], place: Place | null}[]} candidates
 *
 * @typedef {{url: string, proxy_url?: string, width?: number | null, height?: number | null, content_type?: string | null}} Media
 * @typedef {{id?: string | null, name?: string | null}} Emoji
 * @typedef {{label: string, value: string, description?: string | null, emoji?: Emoji | null, default?: boolean}} SelectOption
 *
 * @typedef {object} Component  one of Discord's components; `type` says which fields count
 * @property {number} type
 * @property {number} [id]
 * @property {string} [custom_id]
 * @property {number} [style]
 * @property {string | null} [label]
 * @property {string | null} [description]
 * @property {Emoji | null} [emoji]
 * @property {string | null} [url]
 * @property {boolean} [disabled]
 * @property {string | null} [placeholder]
 * @property {number} [min_values]
 * @property {number} [max_values]
 * @property {number} [min_length]
 * @property {number} [max_length]
 * @property {boolean} [required]
 * @property {string | null} [value]
 * @property {boolean} [default]
 * @property {SelectOption[]} [options]
 * @property {{id: string, type: string}[]} [default_values]
 * @property {number[]} [channel_types]
 * @property {string} [content]
 * @property {Component[]} [components]
 * @property {Component} [component]
 * @property {Component} [accessory]
 * @property {{media: Media, description?: string | null, spoiler?: boolean}[]} [items]
 * @property {Media} [media]
 * @property {Media} [file]
 * @property {string} [name]
 * @property {number} [size]
 * @property {boolean} [spoiler]
 * @property {boolean} [divider]
 * @property {number} [spacing]
 * @property {number | null} [accent_color]
 *
 * @typedef {object} Embed
 * @property {string} [title]
 * @property {string} [description]
 * @property {string} [url]
 * @property {string} [timestamp]
 * @property {number | null} [color]
 * @property {{text: string, icon_url?: string}} [footer]
 * @property {{name: string, url?: string, icon_url?: string}} [author]
 * @property {{name: string, value: string, inline?: boolean}[]} [fields]
 * @property {Media} [image]
 * @property {Media} [thumbnail]
 *
 * @typedef {object} Message
 * @property {string} id
 * @property {string} channel_id
 * @property {number} type
 * @property {string} content
 * @property {number} flags
 * @property {User} author
 * @property {string} timestamp
 * @property {string | null} [edited_timestamp]
 * @property {Embed[]} embeds
 * @property {Component[]} components
 * @property {{id: string, filename: string, url: string, size?: number, content_type?: string | null, description?: string | null, width?: number | null, height?: number | null}[]} attachments
 * @property {User[]} [mentions]
 * @property {string[]} [mention_roles]
 * @property {boolean} [mention_everyone]
 * @property {{id: string, type: number, name?: string, user: User} | null} [interaction_metadata]
 * @property {Message | null} [referenced_message]
 * @property {string} [nonce]
 *
 * @typedef {object} Option  an option of a command
 * @property {number} type
 * @property {string} name
 * @property {string} description
 * @property {boolean} [required]
 * @property {boolean} [autocomplete]
 * @property {{name: string, value: string | number}[]} [choices]
 * @property {number} [min_value]
 * @property {number} [max_value]
 * @property {number} [min_length]
 * @property {number} [max_length]
 * @property {number[]} [channel_types]
 * @property {Option[]} [options]
 *
 * @typedef {{id: string, type?: number, name: string, description: string, options?: Option[]}} Command
 *
 * @typedef {object} Form  a modal that a bot opened
 * @property {string} interaction_id
 * @property {string} channel_id
 * @property {{custom_id: string, title: string, components: Component[]}} modal
 *
 * @typedef {object} Action  something this page asked of the bot and has not heard the end of
 * @property {string} nonce
 * @property {"command" | "component" | "modal"} kind
 * @property {"sent" | "failed"} state
 * @property {string} channelId
 * @property {string} [name]       the command's full name
 * @property {string} [messageId]  the message pressed on; of a command, its place among the messages
 * @property {string} [customId]
 * @property {string} [reason]
 * @property {string} [at]
 *
 * @typedef {object} LogEntry
 * @property {number} id
 * @property {string} at
 * @property {"request" | "gateway"} kind
 * @property {string} [method]
 * @property {string} [path]
 * @property {number} [status]
 * @property {number} [ms]
 * @property {string | null} [fault]
 * @property {any} [request]
 * @property {any} [response]
 * @property {"to_bot" | "from_bot"} [direction]
 * @property {number} [shard]
 * @property {number} [op]
 * @property {string} [name]
 * @property {number | null} [seq]
 * @property {any} [data]
 */

export {};
