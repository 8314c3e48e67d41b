//! `courtyard admin`: villages, invitations, users, devices and rules of a district.

mod bank;
mod card;
mod close;
mod correct;
mod device;
mod erase;
mod float;
mod hold;
mod identity;
mod invite;
mod pages;
mod point;
mod recover;
mod register;
mod root;
mod roster;
mod rules;
pub(in crate::command) mod sealed;
mod set_aside;
mod user;
mod village;
mod words;

use clap::{Args, Subcommand};

use super::Failure;

/// Villages, invitations, users, devices and rules. Works beside a running server.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct AdminArgs {
    #[command(subcommand)]
    what: Admin,
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Villages of the district.
    #[command(subcommand)]
    Village(village::VillageCommand),
    /// Invite one phone to a village; the invitation is good once, for 14 days.
    Invite(invite::InviteArgs),
    /// People who may sign in at the office.
    #[command(subcommand)]
    User(user::UserCommand),
    /// The district's root key (public half) and number: what `verify` is given.
    Root(root::RootArgs),
    /// Payment through the bank: prepare, approve, file, result.
    #[command(subcommand)]
    Bank(bank::BankCommand),
    /// Households' cards and PINs, which open their own pages.
    #[command(subcommand)]
    Card(card::CardCommand),
    /// Cash in the stewards' hands (备用金): set out, take back, differences.
    #[command(subcommand)]
    Float(float::FloatCommand),
    /// Phones and the office's own devices.
    #[command(subcommand)]
    Device(device::DeviceCommand),
    /// Collection points of a village.
    #[command(subcommand)]
    Point(point::PointCommand),
    /// Kinds of crates of a village, with their tare.
    #[command(subcommand)]
    Crate(point::CrateCommand),
    /// People and points of the villages: conflicts and how they are settled.
    #[command(subcommand)]
    Register(register::RegisterCommand),
    /// Enter a slip of a phone that is gone from the QR on paper: it is the same slip.
    Recover(recover::RecoverArgs),
    /// What was signed and not taken: forks and refusals, with their evidence.
    #[command(subcommand)]
    SetAside(set_aside::SetAsideCommand),
    /// ID and bank numbers, sealed to the district's key.
    #[command(subcommand)]
    Sealed(sealed::SealedCommand),
    /// Close a month of a village (结账), or show what a close would say.
    Close(close::CloseArgs),
    /// The closes of the district's villages.
    Closes(close::ListArgs),
    /// Erase what the register and the sealed numbers say of a grower (个人信息保护法).
    Erase(erase::EraseArgs),
    /// The roster: stewards and helpers of the villages (供销管家).
    #[command(subcommand)]
    Steward(roster::StewardCommand),
    /// Held entries (留存待核): look at them, admit or refuse.
    #[command(subcommand)]
    Hold(hold::HoldCommand),
    /// One entry with its whole history.
    #[command(subcommand)]
    Entry(words::EntryCommand),
    /// Ask the steward about an entry (核实).
    Ask(words::AskArgs),
    /// Answer a question, an objection or a review (回复).
    Answer(words::AnswerArgs),
    /// Take down a grower's objection (异议).
    Object(words::ObjectArgs),
    /// Say whether an entry is in order (审核); bound to its exact content.
    Review(words::ReviewArgs),
    /// Questions, objections and reviews with their answers.
    Threads(words::ThreadsArgs),
    /// One household under two numbers: link, unlink.
    #[command(subcommand)]
    Identity(identity::IdentityCommand),
    /// Adjust a slip (调整), or with --bulk every slip at a wrong price.
    Adjust(correct::AdjustArgs),
    /// Fix the price (定价) of what was bought at a pending price.
    PriceFix(correct::PriceFixArgs),
    /// Write a return (退货) of so much of a line; from the district's limit on two people do.
    Return(correct::ReturnArgs),
    /// Void a slip, a payout or a correction, as the second person.
    Void(correct::VoidArgs),
    /// The district's rules (收购规定).
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// Every address at which this server shows a page, and who may open it.
    Pages(pages::PagesArgs),
}

/// Does it.
///
/// # Errors
/// [`Failure`] in words.
pub fn run(args: &AdminArgs) -> Result<(), Failure> {
    match &args.what {
        Admin::Village(command) => village::run(command),
        Admin::Invite(args) => invite::run(args),
        Admin::User(command) => user::run(command),
        Admin::Root(args) => root::run(args),
        Admin::Bank(command) => bank::run(command),
        Admin::Card(command) => card::run(command),
        Admin::Float(command) => float::run(command),
        Admin::Device(command) => device::run(command),
        Admin::Point(command) => point::points(command),
        Admin::Crate(command) => point::crates(command),
        Admin::Register(command) => register::run(command),
        Admin::Recover(args) => recover::run(args),
        Admin::SetAside(command) => set_aside::run(command),
        Admin::Sealed(command) => sealed::run(command),
        Admin::Close(args) => close::close(args),
        Admin::Closes(args) => close::list(args),
        Admin::Erase(args) => erase::run(args),
        Admin::Steward(command) => roster::run(command),
        Admin::Hold(command) => hold::run(command),
        Admin::Entry(command) => words::show(command),
        Admin::Ask(args) => words::ask(args),
        Admin::Answer(args) => words::answer(args),
        Admin::Object(args) => words::object(args),
        Admin::Review(args) => words::review(args),
        Admin::Threads(args) => words::threads(args),
        Admin::Identity(command) => identity::run(command),
        Admin::Adjust(args) => correct::adjust(args),
        Admin::PriceFix(args) => correct::price_fix(args),
        Admin::Return(args) => correct::give_back(args),
        Admin::Void(args) => correct::void(args),
        Admin::Rules(command) => rules::run(command),
        Admin::Pages(args) => pages::run(args),
    }
}
