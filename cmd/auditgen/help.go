package main

import "github.com/spf13/cobra"

// addHelp adds help to the program. Unlike that of cobra, it does not take a command that does
// not exist for the whole program: a script that asks whether there is a command learns the truth
// from the exit status.
func (p *program) addHelp(root *cobra.Command) {
	print := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		if cmd == root {
			p.misspelt = knownCommand(root, root.Flags().Args())
		}
		if p.misspelt == nil {
			print(cmd, args)
		}
	})
	root.SetHelpCommand(&cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Print the help of a command",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return knownCommand(root, rest)
			}
			cmd.InitDefaultHelpFlag()
			cmd.InitDefaultVersionFlag()
			return cmd.Help()
		},
	})
}
